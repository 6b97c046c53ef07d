/** What to do in a company without accounts, in order, each step with a link to its screen. */
import { t } from '@lingui/core/macro'
import { List, Text } from '@mantine/core'
import type { LinkProps } from '@tanstack/react-router'
import { useMay } from '@/lib/business'
import { TextLink } from '@/ui/links'
import { Panel } from '@/ui/Panel'
import { accountsLink } from '../accounts/links'
import { catalogLink } from '../catalog/links'
import { importsLink } from '../imports/links'
import { settingsLink } from '../settings/links'

interface Step {
  label: string
  hint: string
  link: LinkProps
}

export default function FirstSteps({ hasOffers }: { hasOffers: boolean }) {
  const isAdmin = useMay('ADMIN')
  const steps: Step[] = [
    isAdmin && {
      label: t`Check the settings`,
      hint: t`The time zone decides when a day begins, the payment term when a bill is due.`,
      link: settingsLink,
    },
    !hasOffers && {
      label: t`Create offers in the catalog`,
      hint: t`They have the fees and rates that customers are charged. A manager creates them.`,
      link: catalogLink(),
    },
    {
      label: t`Create an account`,
      hint: t`Then add its services and purchase offers for them. The bill day makes the bills.`,
      link: accountsLink,
    },
    isAdmin && {
      label: t`Or import accounts`,
      hint: t`From a file with services, offers and contacts.`,
      link: importsLink,
    },
  ].filter((step) => step !== false)
  return (
    <Panel title={t`First steps`}>
      <List type="ordered" py="md" pl={36} pr="md" spacing="xs" size="sm">
        {steps.map(({ label, hint, link }) => (
          <List.Item key={label}>
            <TextLink {...(link as { to: '/' })}>{label}</TextLink>
            <Text size="sm" c="dimmed">
              {hint}
            </Text>
          </List.Item>
        ))}
      </List>
    </Panel>
  )
}
