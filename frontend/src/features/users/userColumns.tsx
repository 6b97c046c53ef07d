/** The columns of the list of users. */
import { t } from '@lingui/core/macro'
import { Text, VisuallyHidden } from '@mantine/core'
import { IconBan, IconCircleCheck } from '@tabler/icons-react'
import type { UserNodeFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { useOpenDialog } from '@/lib/dialog'
import { roleLabels } from '@/lib/labels'
import { withLineBreaks } from '@/lib/lineBreaks'
import { ToneBadge } from '@/ui/Badges'
import type { Column } from '@/ui/DataTable'
import { RowMenu } from '@/ui/RowMenu'
import { When } from '@/ui/When'
import { actorLink, subjectLink } from '../audit/links'
import { editUser, endSessions, resetPassword } from './links'
import { userStatusLabels } from './search'

type User = UserNodeFragment

export const userColumns: Column<User>[] = [
  { id: 'email', header: t`E-mail`, cell: ({ row }) => <Email user={row.original} /> },
  { id: 'name', header: t`Name`, cell: ({ row }) => row.original.name ?? '–' },
  { id: 'role', header: t`Role`, cell: ({ row }) => roleLabels[row.original.role] },
  {
    id: 'status',
    header: t`Status`,
    stacked: 'aside',
    cell: ({ row }) => <Status user={row.original} />,
  },
  {
    id: 'signIn',
    header: t`Last sign-in`,
    cell: ({ row: { original } }) =>
      original.lastSignInAt ? <When at={original.lastSignInAt} /> : t`Never`,
  },
  {
    id: 'created',
    header: t`Created`,
    cell: ({ row }) => <When at={row.original.createdAt} day />,
  },
  {
    id: 'menu',
    header: () => <VisuallyHidden>{t`Actions`}</VisuallyHidden>,
    isPinned: true,
    cell: ({ row }) => <UserMenu user={row.original} />,
  },
]

function Email({ user: { email } }: { user: User }) {
  const { viewer } = useBusiness()
  return (
    <Text span inherit fw={500} style={{ overflowWrap: 'anywhere' }}>
      {withLineBreaks(email === viewer.name ? t`${email} (you)` : email)}
    </Text>
  )
}

function Status({ user }: { user: User }) {
  const isActive = user.status === 'ACTIVE'
  return (
    <ToneBadge
      tone={isActive ? 'good' : 'ended'}
      sign={isActive ? IconCircleCheck : IconBan}
      word={userStatusLabels[user.status]}
    />
  )
}

function UserMenu({ user }: { user: User }) {
  const open = useOpenDialog()
  const { email: name } = user
  return (
    <RowMenu label={t`Actions for ${name}`}>
      {({ Item, Link }) => (
        <>
          <Item onClick={() => open(editUser(user.id))}>{t`Edit…`}</Item>
          <Item onClick={() => open(resetPassword(user.id))}>{t`Reset password…`}</Item>
          <Item onClick={() => open(endSessions(user.id))}>{t`End sessions…`}</Item>
          <Link {...actorLink(user.email)}>{t`What this user did`}</Link>
          <Link {...subjectLink(user.email)}>{t`Changes of this user`}</Link>
        </>
      )}
    </RowMenu>
  )
}
