import { t } from '@lingui/core/macro'
import { Divider, Text } from '@mantine/core'
import {
  IconApi,
  IconCalendarEvent,
  IconCash,
  IconFileInvoice,
  IconHistory,
  IconHome,
  IconKey,
  IconList,
  IconMessageQuestion,
  IconPlayerPlay,
  IconSettings,
  IconTags,
  IconUserCog,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react'
import { useMay } from '@/lib/business'
import { NavigationAnchor, NavigationLink } from '@/ui/links'

const pages = [
  { to: '/', label: t`Today`, Sign: IconHome },
  { to: '/accounts', label: t`Accounts`, Sign: IconUsers },
  { to: '/bills', label: t`Bills`, Sign: IconFileInvoice },
  { to: '/payments', label: t`Payments`, Sign: IconCash },
  { to: '/disputes', label: t`Disputes`, Sign: IconMessageQuestion },
  { to: '/deferred-actions', label: t`Deferred actions`, Sign: IconCalendarEvent },
  { to: '/catalog', label: t`Catalog`, Sign: IconTags },
  { to: '/jobs', label: t`Jobs`, Sign: IconPlayerPlay },
] as const

const administration = [
  { to: '/users', label: t`Users`, Sign: IconUserCog },
  { to: '/tokens', label: t`API tokens`, Sign: IconKey },
  { to: '/webhooks', label: t`Webhooks`, Sign: IconWebhook },
  { to: '/reasons', label: t`Reasons`, Sign: IconList },
  { to: '/settings', label: t`Settings`, Sign: IconSettings },
  { to: '/audit-log', label: t`Audit log`, Sign: IconHistory },
] as const

export function Navigation() {
  const isAdmin = useMay('ADMIN')
  return (
    <>
      <Links to={pages} />
      {isAdmin && (
        <section aria-labelledby="administration">
          <Text id="administration" size="xs" c="dimmed" fw={600} px="sm" mt="md" mb={4}>
            {t`Administration`}
          </Text>
          <Links to={administration} />
        </section>
      )}
      <Divider my="xs" />
      <NavigationAnchor
        href="/graphiql"
        label="GraphiQL"
        leftSection={<IconApi size={18} stroke={1.6} aria-hidden />}
      />
    </>
  )
}

function Links({ to: links }: { to: typeof pages | typeof administration }) {
  return links.map(({ to, label, Sign }) => (
    <NavigationLink
      key={to}
      to={to}
      activeOptions={{ exact: to === '/' }}
      label={label}
      leftSection={<Sign size={18} stroke={1.6} aria-hidden />}
    />
  ))
}
