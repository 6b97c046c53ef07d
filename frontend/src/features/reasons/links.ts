/** Links to the screen of reasons and its dialogs. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'

export const reasonsLink = linkOptions({ to: '/reasons' })

export const createReason: DialogAddress = { dialog: 'create-reason' }

export const editReason = (id: string): DialogAddress => ({ dialog: 'edit-reason', on: [id] })
