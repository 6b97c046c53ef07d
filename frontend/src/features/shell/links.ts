import type { DialogAddress } from '@/lib/dialog'

export const keyboardHelp: DialogAddress = { dialog: 'keyboard' }
