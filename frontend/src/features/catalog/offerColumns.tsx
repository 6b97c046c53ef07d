/** The columns of the catalog: code, name, kind, fees and discounts. */
import { t } from '@lingui/core/macro'
import { Text } from '@mantine/core'
import type { CatalogOfferFragment } from '@/gql/graphql'
import { unitName } from '@/lib/calculation'
import { offerKindLabels } from '@/lib/labels'
import { formatDecimal, formatMoney } from '@/lib/money'
import type { Column } from '@/ui/DataTable'

type Offer = CatalogOfferFragment

export const offerColumns: Column<Offer>[] = [
  { id: 'code', header: t`Code`, cell: ({ row }) => <Code offer={row.original} /> },
  {
    id: 'name',
    header: t`Name`,
    stacked: 'line',
    cell: ({ row }) => <Name offer={row.original} />,
  },
  { id: 'kind', header: t`Kind`, cell: ({ row }) => offerKindLabels[row.original.kind] },
  { id: 'for', header: t`For`, cell: ({ row }) => row.original.serviceKind ?? t`the account` },
  { id: 'monthly', header: t`Monthly`, cell: ({ row }) => monthlyLabels(row.original) },
  { id: 'usage', header: t`Usage`, cell: ({ row }) => usageLabels(row.original) },
  {
    id: 'purchase',
    header: t`Purchase fee`,
    cell: ({ row }) => feeLabels(row.original, row.original.purchaseFee),
  },
  {
    id: 'cancel',
    header: t`Cancel fee`,
    cell: ({ row }) => feeLabels(row.original, row.original.cancelFee),
  },
  { id: 'currency', header: t`Currency`, cell: ({ row }) => row.original.currency },
]

function Code({ offer }: { offer: Offer }) {
  return (
    <Text span inherit ff="monospace">
      {offer.code}
    </Text>
  )
}

function Name({ offer }: { offer: Offer }) {
  return (
    <Text span inherit fw={500}>
      {offer.name}
    </Text>
  )
}

function feeLabels(offer: Offer, fee: string | null | undefined): string {
  return fee ? formatMoney(fee, offer.currency) : '–'
}

function monthlyLabels(offer: Offer): string {
  return offer.monthlyPercentOff
    ? percentLabels(offer.monthlyPercentOff)
    : feeLabels(offer, offer.monthlyFee)
}

function usageLabels(offer: Offer): string {
  if (offer.usagePercentOff) return percentLabels(offer.usagePercentOff)
  if (!offer.usageRate) return '–'
  const rate = formatMoney(offer.usageRate, offer.currency)
  const unit = offer.usageUnit ? unitName(offer.usageUnit) : t`unit`
  return t`${rate} per ${unit}`
}

function percentLabels(percent: string): string {
  const off = formatDecimal(percent)
  return t`${off} % off`
}
