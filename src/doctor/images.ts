import { openImageStore } from '../glance/image-store/image-store.ts'
import { type Check, failing } from './check.ts'

/** What the place of the bytes of images must be like. */
export const imageChecks: readonly Check[] = [
  {
    id: 'images',
    about: 'the place of the bytes of images',
    async run({ config }) {
      const place = config.imageBucket ?? config.imageFolder
      if (place === undefined) return undefined
      const store = openImageStore(place)
      const trouble = await store.trouble(4_000)
      if (trouble === undefined) return []
      const mend =
        store.kind === 's3'
          ? 'See whether its server runs, or correct `image_bucket`.'
          : 'Give the cloud its folder, or correct `image_folder`.'
      return [failing(`${store.urlOf('')} can't be used for images: ${trouble}`, mend)]
    },
  },
]
