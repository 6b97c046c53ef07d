/** Why an item is on a bill, and how its amounts come about. */
import { t } from '@lingui/core/macro'
import type { BillItemRowFragment } from '@/gql/graphql'
import { formatMoney, isNothing, negated } from '@/lib/money'
import { itemRules } from '@/lib/rules'
import { serverText } from '@/lib/serverMessage'
import { TextLink } from '@/ui/links'
import { Why } from '@/ui/Why'
import { billItemLink } from './links'

interface WhyItemProps {
  /** The number and the account of the bill. */
  number: string
  payer: string
  item: BillItemRowFragment
}

export function WhyItem({ number, payer, item }: WhyItemProps) {
  const { total, adjusted, disputed, due, account } = item
  const { name } = account
  const money = ({ amount, currency }: typeof total) => formatMoney(amount, currency)
  const unlessNothing = (of: typeof total) => !isNothing(of.amount) && money(of)
  const isPaidFor = account.id !== payer
  return (
    <Why
      about={serverText(item.name)}
      rules={[
        itemRules[item.kind],
        ...(isPaidFor ? [t`It is billed here because this account pays for ${name}.`] : []),
      ]}
      facts={[
        [t`Service`, item.service?.name],
        [t`Events`, money(total)],
        [t`Adjustments`, unlessNothing(adjusted)],
        [
          t`Disputed`,
          !isNothing(disputed.amount) && formatMoney(negated(disputed.amount), disputed.currency),
        ],
        [t`Net amount`, money(due)],
      ]}
    >
      <TextLink {...billItemLink(number, item.id)}>{t`Show its events`}</TextLink>
    </Why>
  )
}
