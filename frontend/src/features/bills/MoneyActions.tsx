/** Disputes and adjustments of a bill, an item or a charge, as the role allows. */
import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconAdjustmentsDollar, IconDots, IconMessageQuestion } from '@tabler/icons-react'
import type { AmountFragment } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { isPositive } from '@/lib/money'
import { adjust, openDispute } from '../disputes/links'

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
      verb: 'Dispute',
      Sign: IconMessageQuestion,
      may: mayDispute && there,
      start: () => open(openDispute(id)),
    },
    { verb: 'Adjust', Sign: IconAdjustmentsDollar, may: mayAdjust, start: () => open(adjust(id)) },
  ].filter((action) => action.may)
}

/** The menu at the end of a table row; `name` is its accessible name. */
export function MoneyMenu({ name, ...subject }: Subject & { name: string }) {
  const actions = useMoneyActions(subject)
  if (actions.length === 0) return null
  return (
    <Menu>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${name}`}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {actions.map(({ verb, start }) => (
          <Menu.Item key={verb} onClick={start}>
            {verb}…
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** The buttons of a page; `what` is "bill", "item" or "charge". */
export function MoneyButtons({ what, ...subject }: Subject & { what: string }) {
  return useMoneyActions(subject).map(({ verb, Sign, start }) => (
    <Button
      key={verb}
      size="xs"
      variant="default"
      leftSection={<Sign size={14} aria-hidden />}
      onClick={start}
    >
      {verb} {what}
    </Button>
  ))
}
