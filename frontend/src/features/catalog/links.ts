/** Links to the catalog and its dialog. */
import { linkOptions } from '@tanstack/react-router'
import type { DialogAddress } from '@/lib/dialog'
import type { CatalogSearch } from './search'

export function catalogLink(search: CatalogSearch = {}) {
  return linkOptions({ to: '/catalog', search })
}

export const createOffer: DialogAddress = { dialog: 'create-offer' }
