/** Links to the screens of imports and their dialog. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'
import type { ImportStep } from './search'

export const importsLink = linkOptions({ to: '/jobs/import' })

export function importFileLink(file: string, step?: ImportStep) {
  return linkOptions({ to: '/jobs/import/$file', params: { file }, search: { step } })
}

export const deleteImportFile = (id: string): DialogAddress => ({
  dialog: 'delete-import-file',
  on: [id],
})
