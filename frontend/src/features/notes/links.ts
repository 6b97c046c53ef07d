/** Links to the dialogs for the notes about an account. */
import type { DialogAddress } from '@/lib/dialog'

export const editNote = (noteId: string): DialogAddress => ({ dialog: 'edit-note', on: [noteId] })

export const deleteNote = (noteId: string): DialogAddress => ({
  dialog: 'delete-note',
  on: [noteId],
})
