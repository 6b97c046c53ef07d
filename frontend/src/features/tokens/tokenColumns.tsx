/** The columns of the list of tokens. */
import { t } from '@lingui/core/macro'
import { Text, VisuallyHidden } from '@mantine/core'
import { IconBan, IconCircleCheck, IconClock, type IconProps } from '@tabler/icons-react'
import type { ComponentType } from 'react'
import type { TokenNodeFragment } from '@/gql/graphql'
import { useOpenDialog } from '@/lib/dialog'
import { roleLabels } from '@/lib/labels'
import { type Tone, ToneBadge } from '@/ui/Badges'
import type { Column } from '@/ui/DataTable'
import { RowMenu } from '@/ui/RowMenu'
import { When } from '@/ui/When'
import { actorLink } from '../audit/links'
import { revokeToken } from './links'
import { type TokenState, tokenState, tokenStateLabels } from './state'

type Token = TokenNodeFragment

export const tokenColumns: Column<Token>[] = [
  { id: 'name', header: t`Name`, cell: ({ row }) => <Name token={row.original} /> },
  { id: 'role', header: t`Role`, cell: ({ row }) => roleLabels[row.original.role] },
  { id: 'state', header: t`Status`, cell: ({ row }) => <State token={row.original} /> },
  {
    id: 'used',
    header: t`Last used`,
    cell: ({ row: { original } }) =>
      original.lastUsedAt ? <When at={original.lastUsedAt} /> : t`Never`,
  },
  {
    id: 'expires',
    header: t`Expires`,
    cell: ({ row: { original } }) =>
      original.expiresAt ? <When at={original.expiresAt} day /> : t`Never`,
  },
  { id: 'created', header: t`Created`, cell: ({ row }) => <Created token={row.original} /> },
  {
    id: 'menu',
    header: () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>,
    isPinned: true,
    cell: ({ row }) => <TokenMenu token={row.original} />,
  },
]

function Name({ token }: { token: Token }) {
  return (
    <>
      <Text size="sm" fw={500}>
        {token.name}
      </Text>
      <Text size="xs" c="dimmed" ff="monospace">
        {token.prefix}…
      </Text>
    </>
  )
}

const styles: Record<TokenState, [Tone, ComponentType<IconProps>]> = {
  ACTIVE: ['good', IconCircleCheck],
  EXPIRED: ['waiting', IconClock],
  REVOKED: ['ended', IconBan],
}

function State({ token }: { token: Token }) {
  const state = tokenState(token, Date.now())
  const [tone, sign] = styles[state]
  return (
    <>
      <ToneBadge tone={tone} sign={sign} word={tokenStateLabels[state]} />
      {token.revokedAt && (
        <Text size="xs" c="dimmed" mt={2}>
          <When at={token.revokedAt} />
        </Text>
      )}
    </>
  )
}

function Created({ token }: { token: Token }) {
  return (
    <>
      <When at={token.createdAt} day />
      <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
        {token.createdBy}
      </Text>
    </>
  )
}

function TokenMenu({ token }: { token: Token }) {
  const open = useOpenDialog()
  const { name } = token
  return (
    <RowMenu label={t`Actions for ${name}`}>
      {({ Item, Link }) => (
        <>
          {!token.revokedAt && (
            <Item
              c="var(--mantine-color-error)"
              onClick={() => open(revokeToken(token.id))}
            >{t`Revoke…`}</Item>
          )}
          <Link {...actorLink(token.name)}>{t`What this token did`}</Link>
        </>
      )}
    </RowMenu>
  )
}
