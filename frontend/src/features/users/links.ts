/** Links to the screen of users and its dialogs. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'

export const usersLink = linkOptions({ to: '/users' })

export const createUser: DialogAddress = { dialog: 'create-user' }

export const editUser = (id: string): DialogAddress => ({ dialog: 'edit-user', on: [id] })

export const resetPassword = (id: string): DialogAddress => ({ dialog: 'reset-password', on: [id] })

export const endSessions = (id: string): DialogAddress => ({ dialog: 'end-sessions', on: [id] })
