import { saga, type SagaDefinition } from '../../kernel/sagas/saga.ts'
import { failImport } from './fail.ts'
import { begin } from './steps/begin.ts'
import { fetchBytes } from './steps/fetch-bytes.ts'
import { finish } from './steps/finish.ts'
import type { ImportPlace, ImportWork } from './imports.ts'

/** From accepted to active. Until the last step commits the image has no bytes that anybody could see. */
export const importSaga = (place: ImportPlace): SagaDefinition<ImportWork> =>
  saga<ImportWork>('glance.image.import', { deadlineSeconds: 3 * 3600, failed: failImport(place.store) }, [
    begin,
    fetchBytes(place),
    finish,
  ])
