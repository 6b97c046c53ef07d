import type { DialogAddress } from '@/lib/dialog'

export const createOffer: DialogAddress = { dialog: 'create-offer' }
