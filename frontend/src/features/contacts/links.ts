/** Links to the dialogs for the contacts of an account. */
import type { DialogAddress } from '@/lib/dialog'

/** With `primary`, bills are addressed to the new contact unless the box is cleared. */
export const addContact = (accountId: string, choice?: 'primary'): DialogAddress => ({
  dialog: 'add-contact',
  on: [accountId],
  choice,
})

export const editContact = (contactId: string): DialogAddress => ({
  dialog: 'edit-contact',
  on: [contactId],
})

export const removeContact = (contactId: string): DialogAddress => ({
  dialog: 'remove-contact',
  on: [contactId],
})
