/** Above every screen while the business clock is set. */
import { t } from '@lingui/core/macro'
import { Group, Text } from '@mantine/core'
import { useBusiness, useMay } from '@/lib/business'
import { formatInstant } from '@/lib/time'
import { TextLink } from '@/ui/links'
import { Warning } from '@/ui/Warning'
import { settingsLink } from './links'

export function ClockBanner() {
  const { clock, timeZone } = useBusiness()
  const mayChange = useMay('ADMIN')
  if (!clock.isSet) return null
  const now = formatInstant(clock.now, timeZone)
  return (
    <Warning mb="md" py={6} role="status" data-screen-only>
      <Group gap="xs" justify="space-between">
        <Text size="sm">
          {t`Test clock: the business clock is set to ${now} and does not advance.`}
        </Text>
        {mayChange && (
          <TextLink {...settingsLink}>{t({ message: 'Change', context: 'verb' })}</TextLink>
        )}
      </Group>
    </Warning>
  )
}
