import { needed } from './needed.ts'
import type { Config } from './settings.ts'

/** Where the bytes of images are: a bucket if there is one, else a folder. Throws a StartupError when there is neither. */
export const placeOfImages = (config: Config): string => config.imageBucket ?? needed(config, 'imageFolder')
