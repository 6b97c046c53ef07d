/** Sets the business clock forward, or back to real time. */
import { Button, Group, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useBusiness } from '@/lib/business'
import { notify } from '@/lib/notify'
import { instantOf } from '@/lib/time'
import { useAction } from '@/lib/useAction'
import { Problems } from '@/ui/FormDialog'
import { MomentField } from '@/ui/MomentField'
import { OnDate, When } from '@/ui/When'
import { SetClockDocument } from './operations.generated'

export function ClockForm() {
  const { clock, timeZone } = useBusiness()
  const form = useForm({
    initialValues: { now: null as string | null },
    validate: { now: (value) => (value ? null : 'Choose a date') },
  })
  const set = useAction(SetClockDocument, (data) => data.setClock, form)

  async function change(now: string | null) {
    const payload = await set.run({ input: { now } })
    if (!payload) return
    form.reset()
    notify(now ? 'The business clock is set.' : 'The business clock shows real time.')
  }

  return (
    <form
      onSubmit={form.onSubmit(({ now }) => (now ? change(instantOf(now, timeZone)) : undefined))}
      noValidate
    >
      <Stack p="md">
        <Problems of={set.problems} />
        <Text size="sm">
          It is <When at={clock.now} fw={600} />, business date <OnDate date={clock.today} />.{' '}
          {clock.isSet ? 'The clock is set and does not advance.' : 'The clock shows real time.'}
        </Text>
        <MomentField
          label="Set the clock to"
          description="Test clock. Moves forward only."
          required
          {...form.getInputProps('now')}
        />
        <Group justify="flex-end">
          {clock.isSet && (
            <Button variant="default" onClick={() => void change(null)} disabled={set.busy}>
              Use real time
            </Button>
          )}
          <Button type="submit" loading={set.busy}>
            Set the clock
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
