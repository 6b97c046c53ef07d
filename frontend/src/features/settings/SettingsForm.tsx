import { Button, Group, NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMemo } from 'react'
import type { SettingsQuery } from '@/gql/graphql'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { Problems } from '@/ui/FormDialog'
import { UpdateSettingsDocument } from './operations.generated'

type Settings = SettingsQuery['settings']

export function SettingsForm({ settings }: { settings: Settings }) {
  const form = useForm({
    initialValues: { ...settings, closedLoginPrefix: settings.closedLoginPrefix ?? '' },
  })
  const update = useAction(UpdateSettingsDocument, (data) => data.updateSettings, form)
  const zones = useMemo(() => zonesWith(settings.timeZone), [settings.timeZone])

  async function submit({ __typename, ...values }: typeof form.values & { __typename?: string }) {
    const payload = await update.run({
      input: { ...values, closedLoginPrefix: optionalText(values.closedLoginPrefix) ?? null },
    })
    if (payload) notify('Settings saved.')
  }

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack p="md">
        <Problems of={update.problems} />
        <Select
          label="Business time zone"
          description="The business day runs from midnight to midnight here."
          data={zones}
          searchable
          allowDeselect={false}
          limit={50}
          {...form.getInputProps('timeZone')}
        />
        <Switch
          label="Active services with an inactive account"
          description="Services stay active when their account is inactivated. Closing closes them."
          {...form.getInputProps('allowActiveServiceWithInactiveAccount', { type: 'checkbox' })}
        />
        <Switch
          label="Restart offers on reactivation"
          description="Purchase, usage and cycle dates restart when an offer becomes active again."
          {...form.getInputProps('changeStartTimeOnActivation', { type: 'checkbox' })}
        />
        <TextInput
          label="Prefix for closed logins"
          description="Added to the login of a closed service, which can then be reused."
          placeholder="#CLOSED#"
          {...form.getInputProps('closedLoginPrefix')}
        />
        <Group grow align="start">
          <NumberInput
            label="Inactivate after days past due"
            min={0}
            allowDecimal={false}
            {...form.getInputProps('inactivateAfterDaysPastDue')}
          />
          <NumberInput
            label="Payment term in days"
            min={0}
            allowDecimal={false}
            {...form.getInputProps('paymentTermDays')}
          />
        </Group>
        <Group justify="flex-end">
          <Button variant="default" disabled={!form.isDirty()} onClick={() => form.reset()}>
            Discard
          </Button>
          <Button type="submit" loading={update.busy}>
            Save settings
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

function zonesWith(current: string): string[] {
  return [...new Set([current, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort()
}
