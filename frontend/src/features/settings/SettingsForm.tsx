import { t } from '@lingui/core/macro'
import { Button, Group, NumberInput, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { type ReactNode, useMemo } from 'react'
import type { SettingsChangeFragment, SettingsFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useAction } from '@/lib/useAction'
import { useEditForm } from '@/lib/useEditForm'
import { Problems } from '@/ui/FormDialog'
import { StaleEdit } from '@/ui/StaleEdit'
import { lastChange } from './history'
import { UpdateSettingsDocument } from './operations.generated'

interface SettingsFormProps {
  settings: SettingsFragment
  history: SettingsChangeFragment[]
}

export function SettingsForm({ settings, history }: SettingsFormProps) {
  const { timeZone } = useBusiness()
  const edit = useEditForm(settings, settingsValues)
  const { form, isStale } = edit
  const update = useAction(UpdateSettingsDocument, (data) => data.updateSettings, form)
  const zones = useMemo(() => zonesWith(settings.timeZone), [settings.timeZone])

  async function submit(values: typeof form.values) {
    const payload = await update.run({
      input: {
        ...values,
        closedLoginPrefix: optionalText(values.closedLoginPrefix) ?? null,
        expectedVersion: edit.version,
      },
    })
    if (!payload?.settings) return
    edit.saved(payload.settings)
    notify(t`Settings saved.`)
  }

  function takeOver() {
    edit.takeOver()
    update.clear()
  }

  /** What the setting does, and its last change. */
  const about = (field: keyof SettingsFragment, effect: string): ReactNode => {
    const change = lastChange(history, field, timeZone)
    return (
      <>
        {effect}
        {change && (
          <Text span inherit display="block" fs="italic">
            {change}
          </Text>
        )}
      </>
    )
  }

  return (
    <form onSubmit={form.onSubmit(submit)} noValidate>
      <Stack p="md" maw={640}>
        {isStale ? (
          <StaleEdit
            title={t`The settings were just edited by somebody else`}
            onTakeOver={takeOver}
          />
        ) : (
          <Problems of={update.problems} />
        )}
        <Select
          label={t`Business time zone`}
          description={about('timeZone', t`The business day runs from midnight to midnight here.`)}
          data={zones}
          searchable
          allowDeselect={false}
          limit={50}
          {...form.getInputProps('timeZone')}
        />
        <Switch
          label={t`Active services with an inactive account`}
          description={about(
            'allowActiveServiceWithInactiveAccount',
            t`Services stay active when their account is inactivated. Closing closes them.`,
          )}
          {...form.getInputProps('allowActiveServiceWithInactiveAccount', { type: 'checkbox' })}
        />
        <Switch
          label={t`Restart offers on reactivation`}
          description={about(
            'changeStartTimeOnActivation',
            t`Purchase, usage and cycle dates restart when an offer becomes active again.`,
          )}
          {...form.getInputProps('changeStartTimeOnActivation', { type: 'checkbox' })}
        />
        <TextInput
          label={t`Prefix for closed logins`}
          description={about(
            'closedLoginPrefix',
            t`Added to the login of a closed service, which can then be reused.`,
          )}
          placeholder="#CLOSED#"
          {...form.getInputProps('closedLoginPrefix')}
        />
        <NumberInput
          label={t`Inactivate after days past due`}
          description={about(
            'inactivateAfterDaysPastDue',
            t`A failed payment inactivates an account that is overdue for so long.`,
          )}
          min={0}
          allowDecimal={false}
          {...form.getInputProps('inactivateAfterDaysPastDue')}
        />
        <NumberInput
          label={t`Payment term in days`}
          description={about('paymentTermDays', t`From the bill day to the due date of a bill.`)}
          min={0}
          allowDecimal={false}
          {...form.getInputProps('paymentTermDays')}
        />
        <Group justify="flex-end">
          <Button variant="default" disabled={!form.isDirty()} onClick={() => form.reset()}>
            {t`Discard`}
          </Button>
          <Button type="submit" loading={update.busy} disabled={isStale}>
            {t`Save settings`}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What the form edits of the settings. */
function settingsValues(settings: SettingsFragment & { __typename?: string }) {
  const { __typename, version, closedLoginPrefix, ...rest } = settings
  return { ...rest, closedLoginPrefix: closedLoginPrefix ?? '' }
}

function zonesWith(current: string): string[] {
  return [...new Set([current, 'UTC', ...Intl.supportedValuesOf('timeZone')])].sort()
}
