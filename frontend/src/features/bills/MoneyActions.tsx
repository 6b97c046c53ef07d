/** Disputes and adjustments of a bill, an item or a charge, as the role allows. */
import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconAdjustmentsDollar, IconMessageQuestion } from '@tabler/icons-react'
import type { AmountFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { isPositive } from '@/lib/money'
import { RowMenu } from '@/ui/RowMenu'
import { adjust, openDispute } from '../disputes/links'

type Thing = 'bill' | 'item' | 'charge'

const disputeLabels: Record<Thing, string> = {
  bill: t`Dispute bill`,
  item: t`Dispute item`,
  charge: t`Dispute charge`,
}

const adjustLabels: Record<Thing, string> = {
  bill: t`Adjust bill`,
  item: t`Adjust item`,
  charge: t`Adjust charge`,
}

interface Subject {
  id: string
  /** The amount that can still be disputed. */
  disputable: AmountFragment | null | undefined
}

function useMoneyActions({ id, disputable }: Subject) {
  const open = useOpenDialog()
  const mayDispute = useMay('AGENT')
  const mayAdjust = useMay('MANAGER')
  const there = disputable != null && isPositive(disputable.amount)
  return [
    {
      inMenu: t`Dispute…`,
      labels: disputeLabels,
      Sign: IconMessageQuestion,
      may: mayDispute && there,
      start: () => open(openDispute(id)),
    },
    {
      inMenu: t`Adjust…`,
      labels: adjustLabels,
      Sign: IconAdjustmentsDollar,
      may: mayAdjust,
      start: () => open(adjust(id)),
    },
  ].filter((action) => action.may)
}

/** The menu at the end of a table row; `name` is its accessible name. */
export function MoneyMenu({ name, ...subject }: Subject & { name: string }) {
  const actions = useMoneyActions(subject)
  if (actions.length === 0) return null
  return (
    <RowMenu label={t`Actions for ${name}`}>
      {({ Item }) => (
        <>
          {actions.map(({ inMenu, start }) => (
            <Item key={inMenu} onClick={start}>
              {inMenu}
            </Item>
          ))}
        </>
      )}
    </RowMenu>
  )
}

/** The buttons of a page. */
export function MoneyButtons({ what, ...subject }: Subject & { what: Thing }) {
  return useMoneyActions(subject).map(({ labels, Sign, start }) => (
    <Button
      key={labels[what]}
      size="xs"
      variant="default"
      leftSection={<Sign size={14} aria-hidden />}
      onClick={start}
    >
      {labels[what]}
    </Button>
  ))
}
