import { t } from '@lingui/core/macro'
import { Divider } from '@mantine/core'
import {
  IconApi,
  IconCalendarEvent,
  IconHome,
  IconPlayerPlay,
  IconSettings,
  IconTags,
  IconUsers,
} from '@tabler/icons-react'
import { useMay } from '@/lib/business'
import { NavigationAnchor, NavigationLink } from '@/ui/links'

const pages = [
  { to: '/', label: t`Today`, Sign: IconHome },
  { to: '/accounts', label: t`Accounts`, Sign: IconUsers },
  { to: '/deferred-actions', label: t`Deferred actions`, Sign: IconCalendarEvent },
  { to: '/catalog', label: t`Catalog`, Sign: IconTags },
  { to: '/jobs', label: t`Jobs`, Sign: IconPlayerPlay },
] as const

export function Navigation() {
  const mayChangeSettings = useMay('ADMIN')
  const all = mayChangeSettings
    ? [...pages, { to: '/settings', label: t`Settings`, Sign: IconSettings } as const]
    : pages
  return (
    <>
      {all.map(({ to, label, Sign }) => (
        <NavigationLink
          key={to}
          to={to}
          activeOptions={{ exact: to === '/' }}
          label={label}
          leftSection={<Sign size={18} stroke={1.6} aria-hidden />}
        />
      ))}
      <Divider my="xs" />
      <NavigationAnchor
        href="/graphiql"
        label="GraphiQL"
        leftSection={<IconApi size={18} stroke={1.6} aria-hidden />}
      />
    </>
  )
}
