/** The offers for an account or a kind of service, searched while one types. */
import { useQuery } from 'urql'
import type { OfferChoiceFragment } from '@/gql/graphql'
import { OfferChoicesDocument } from './operations.generated'
import { priceOf } from './price'

export type OfferChoice = OfferChoiceFragment

export interface OfferConditions {
  currency: string
  /** The kind of service; null for offers to an account, undefined if nothing is asked. */
  serviceKind: string | null | undefined
}

const none: OfferChoice[] = []

export function useOfferChoices({ currency, serviceKind }: OfferConditions, search: string) {
  const [{ data, fetching }] = useQuery({
    query: OfferChoicesDocument,
    variables: { search, currency, serviceKind, isForService: serviceKind !== null },
    pause: serviceKind === undefined,
  })
  const offers = serviceKind === undefined ? none : (data?.offers.nodes ?? none)
  return { offers, fetching }
}

export function offerOption(offer: OfferChoice): { value: string; label: string } {
  return { value: offer.code, label: `${offer.name} (${priceOf(offer)})` }
}
