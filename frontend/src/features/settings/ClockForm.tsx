/** Sets the business clock forward, or back to real time. */
import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useBusiness } from '@/lib/business'
import { notify } from '@/lib/notify'
import { instantOf } from '@/lib/time'
import { useAction } from '@/lib/useAction'
import { MomentField } from '@/ui/MomentField'
import { Problems } from '@/ui/Problems'
import { OnDate, When } from '@/ui/When'
import { SetClockDocument } from './operations.generated'

export function ClockForm({ isSettable }: { isSettable: boolean }) {
  const { clock, timeZone } = useBusiness()
  const form = useForm({
    initialValues: { now: null as string | null },
    validate: { now: (value) => (value ? null : t`Choose a date`) },
  })
  const set = useAction(SetClockDocument, (data) => data.setClock, form)

  async function change(now: string | null) {
    const payload = await set.run({ input: { now } })
    if (!payload) return
    form.reset()
    notify(now ? t`The business clock is set.` : t`The business clock shows real time.`)
  }

  const state = (
    <Text size="sm">
      <Trans>
        It is <When at={clock.now} fw={600} />, business date <OnDate date={clock.today} />.
      </Trans>{' '}
      {clock.isSet ? t`The clock is set and does not advance.` : t`The clock shows real time.`}
    </Text>
  )
  if (!isSettable) {
    return (
      <Stack p="md">
        {state}
        <Text size="sm" c="dimmed">
          <Trans>
            It can be set only in a test installation, which is started with TENURE_CLOCK=settable.
          </Trans>
        </Text>
      </Stack>
    )
  }
  return (
    <form
      onSubmit={form.onSubmit(({ now }) => (now ? change(instantOf(now, timeZone)) : undefined))}
      noValidate
    >
      <Stack p="md" maw={640}>
        <Problems of={set.problems} />
        {state}
        <MomentField
          label={t`Set the clock to`}
          description={t`Test clock. Moves forward only.`}
          required
          {...form.getInputProps('now')}
        />
        <Group justify="flex-end">
          {clock.isSet && (
            <Button variant="default" onClick={() => void change(null)} disabled={set.busy}>
              {t`Use real time`}
            </Button>
          )}
          <Button type="submit" loading={set.busy}>
            {t`Set the clock`}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
