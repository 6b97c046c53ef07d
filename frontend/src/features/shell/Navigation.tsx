import { Divider, NavLink } from '@mantine/core'
import {
  IconApi,
  IconCalendarEvent,
  IconPlayerPlay,
  IconSettings,
  IconTags,
  IconUsers,
} from '@tabler/icons-react'
import { useMay } from '@/lib/business'
import { NavigationLink } from '@/ui/links'

const pages = [
  { to: '/accounts', label: 'Accounts', Sign: IconUsers },
  { to: '/deferred-actions', label: 'Deferred actions', Sign: IconCalendarEvent },
  { to: '/catalog', label: 'Catalog', Sign: IconTags },
  { to: '/jobs', label: 'Jobs', Sign: IconPlayerPlay },
] as const

export function Navigation() {
  const mayChangeSettings = useMay('ADMIN')
  const all = mayChangeSettings
    ? [...pages, { to: '/settings', label: 'Settings', Sign: IconSettings } as const]
    : pages
  return (
    <>
      {all.map(({ to, label, Sign }) => (
        <NavigationLink
          key={to}
          to={to}
          label={label}
          leftSection={<Sign size={18} stroke={1.6} aria-hidden />}
          activeProps={{ active: true }}
          style={{ borderRadius: 8 }}
        />
      ))}
      <Divider my="xs" />
      <NavLink
        href="/graphiql"
        label="GraphiQL"
        leftSection={<IconApi size={18} stroke={1.6} aria-hidden />}
        style={{ borderRadius: 8 }}
      />
    </>
  )
}
