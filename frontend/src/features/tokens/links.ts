/** Links to the screen of tokens and its dialogs. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'

export const tokensLink = linkOptions({ to: '/tokens' })

export const createToken: DialogAddress = { dialog: 'create-token' }

export const revokeToken = (id: string): DialogAddress => ({ dialog: 'revoke-token', on: [id] })
