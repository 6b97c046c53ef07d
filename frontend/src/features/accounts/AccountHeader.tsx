/** Name, number, status with its reason, rank and actions. Stays visible while the page scrolls. */
import {
  Box,
  Breadcrumbs,
  Button,
  CopyButton,
  Group,
  Menu,
  Text,
  Title,
  Tooltip,
  UnstyledButton,
} from '@mantine/core'
import { IconChevronDown, IconCopy, IconPencil } from '@tabler/icons-react'
import type { AccountSummaryFragment, Status } from '@/gql/graphql'
import { useMay } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { holdSentence } from '@/lib/holds'
import { StatusBadge } from '@/ui/Badges'
import { TextLink } from '@/ui/links'
import { changeStatus } from '../status/links'
import classes from './AccountHeader.module.css'
import { accountsLink, editAccount } from './links'
import { RankMenu } from './RankMenu'

type Props = { account: AccountSummaryFragment }

export function AccountHeader({ account }: Props) {
  return (
    <>
      <Ancestors account={account} />
      <Box className={classes.sticky}>
        <Group justify="space-between" gap="xs" align="center">
          <Group gap="xs" miw={0}>
            <Title order={1} className={classes.name}>
              {account.name}
            </Title>
            <CopyNumber number={account.number} />
            <StatusBadge status={account.status} size="lg" />
            <RankMenu account={account} />
          </Group>
          <AccountActions account={account} />
        </Group>
        <WhyNotActive account={account} />
      </Box>
    </>
  )
}

function Ancestors({ account }: Props) {
  return (
    <Breadcrumbs
      component="nav"
      aria-label="Breadcrumb"
      mb={6}
      style={{ flexWrap: 'wrap' }}
      separatorMargin={6}
    >
      <TextLink {...accountsLink}>Accounts</TextLink>
      {account.ancestors.toReversed().map((ancestor) => (
        <TextLink key={ancestor.id} to="/accounts/$number" params={{ number: ancestor.number }}>
          {ancestor.name}
        </TextLink>
      ))}
      <Text size="sm" c="dimmed" aria-current="page">
        {account.name}
      </Text>
    </Breadcrumbs>
  )
}

function CopyNumber({ number }: { number: string }) {
  return (
    <CopyButton value={number}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : 'Copy number'}>
          <UnstyledButton
            onClick={copy}
            className={classes.number}
            aria-label={`Copy number ${number}`}
          >
            {number}
            <IconCopy size={13} aria-hidden />
          </UnstyledButton>
        </Tooltip>
      )}
    </CopyButton>
  )
}

function WhyNotActive({ account }: Props) {
  const payers = account.billUnits.flatMap((unit) => unit.payingParent?.account ?? [])
  const why = holdSentence(account.holds, 'account', payers)
  if (!why) return null
  return (
    <Text size="sm" mt={2} data-why>
      {why}
    </Text>
  )
}

const wanted: Record<Status, Status[]> = {
  ACTIVE: ['INACTIVE', 'CLOSED'],
  INACTIVE: ['ACTIVE', 'CLOSED'],
  CLOSED: ['ACTIVE'],
}

function AccountActions({ account }: Props) {
  const open = useOpenDialog()
  const may = useMay('AGENT')
  if (!may) return null
  const word = (to: Status) =>
    to === 'ACTIVE'
      ? account.status === 'CLOSED'
        ? 'Reopen'
        : 'Reactivate'
      : to === 'INACTIVE'
        ? 'Inactivate'
        : 'Close'
  return (
    <Group gap="xs">
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPencil size={14} />}
        onClick={() => open(editAccount(account.id))}
      >
        Edit
      </Button>
      <Menu>
        <Menu.Target>
          <Button size="xs" rightSection={<IconChevronDown size={14} />}>
            Change status
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {wanted[account.status].map((to) => (
            <Menu.Item
              key={to}
              c={to === 'CLOSED' ? 'var(--mantine-color-error)' : undefined}
              onClick={() => open(changeStatus(account.id, to))}
            >
              {word(to)}…
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}
