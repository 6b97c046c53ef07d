import { t } from '@lingui/core/macro'
import { Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core'
import { isNotEmpty } from '@mantine/form'
import { type ReactNode, useMemo } from 'react'
import type { SettingsChangeFragment, SettingsFragment } from '@/gql/graphql'
import { useBusiness } from '@/lib/business'
import { notify } from '@/lib/notify'
import { optionalText } from '@/lib/payload'
import { useUnsavedInput } from '@/lib/unsavedInput'
import { useAction } from '@/lib/useAction'
import { useEditForm } from '@/lib/useEditForm'
import { wholeNumberProblem } from '@/lib/wholeNumbers'
import { DiscardQuestion } from '@/ui/DiscardQuestion'
import { PickField, type PickOption } from '@/ui/PickField'
import { Problems } from '@/ui/Problems'
import { StaleEdit } from '@/ui/StaleEdit'
import { lastChange } from './history'
import { UpdateSettingsDocument } from './operations.generated'

interface SettingsFormProps {
  settings: SettingsFragment
  history: SettingsChangeFragment[]
}

export function SettingsForm({ settings, history }: SettingsFormProps) {
  const { timeZone } = useBusiness()
  const edit = useEditForm(settings, settingsValues, settingsRules)
  const { form, isStale } = edit
  const update = useAction(UpdateSettingsDocument, (data) => data.updateSettings, form)
  const unsaved = useUnsavedInput({
    busy: update.busy,
    isDirty: form.isDirty,
    isSamePlace: (one, other) => one.pathname === other.pathname,
  })
  const zones = useMemo(() => zonesWith(settings.timeZone), [settings.timeZone])

  async function submit(values: typeof form.values) {
    const payload = await update.run({
      input: {
        ...values,
        closedLoginPrefix: optionalText(values.closedLoginPrefix) ?? null,
        inactivateAfterDaysPastDue: Number(values.inactivateAfterDaysPastDue),
        paymentTermDays: Number(values.paymentTermDays),
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
        <PickField
          label={t`Business time zone`}
          description={about('timeZone', t`The business day runs from midnight to midnight here.`)}
          options={zones}
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
        <TextInput
          label={t`Inactivate after days past due`}
          description={about(
            'inactivateAfterDaysPastDue',
            t`A failed payment inactivates an account that is overdue for so long.`,
          )}
          inputMode="numeric"
          autoComplete="off"
          {...form.getInputProps('inactivateAfterDaysPastDue')}
        />
        <TextInput
          label={t`Payment term in days`}
          description={about('paymentTermDays', t`From the bill day to the due date of a bill.`)}
          inputMode="numeric"
          autoComplete="off"
          {...form.getInputProps('paymentTermDays')}
        />
        {unsaved ? (
          <DiscardQuestion {...unsaved} />
        ) : (
          <Group justify="flex-end">
            <Button variant="default" disabled={!form.isDirty()} onClick={() => form.reset()}>
              {t`Discard`}
            </Button>
            <Button type="submit" loading={update.busy} disabled={isStale}>
              {t`Save settings`}
            </Button>
          </Group>
        )}
      </Stack>
    </form>
  )
}

/** What the form edits of the settings. */
function settingsValues(settings: SettingsFragment & { __typename?: string }) {
  const { __typename, version, closedLoginPrefix, ...rest } = settings
  return {
    ...rest,
    timeZone: settings.timeZone as string | null,
    closedLoginPrefix: closedLoginPrefix ?? '',
    inactivateAfterDaysPastDue: String(settings.inactivateAfterDaysPastDue),
    paymentTermDays: String(settings.paymentTermDays),
  }
}

const mostDays = 9999

const settingsRules = {
  timeZone: isNotEmpty(t`Choose a time zone`),
  inactivateAfterDaysPastDue: (typed: string) => wholeNumberProblem(typed, 0, mostDays),
  paymentTermDays: (typed: string) => wholeNumberProblem(typed, 0, mostDays),
}

function zonesWith(current: string): PickOption[] {
  const zones = new Set([current, 'UTC', ...Intl.supportedValuesOf('timeZone')])
  return [...zones].sort().map((zone) => ({ value: zone, label: zone }))
}
