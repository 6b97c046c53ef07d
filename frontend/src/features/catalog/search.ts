/** The state of the catalog in the URL: search, kind and page. */
import type { OfferKind } from '@/gql/graphql'
import { offerKindLabels } from '@/lib/labels'
import { listOf, type PageSearch, pageSearch, textOf } from '@/lib/paging'

export interface CatalogSearch extends PageSearch {
  q?: string
  kind?: OfferKind[]
}

export function catalogSearch(search: Record<string, unknown>): CatalogSearch {
  return { q: textOf(search.q), kind: listOf(search.kind, offerKindLabels), ...pageSearch(search) }
}
