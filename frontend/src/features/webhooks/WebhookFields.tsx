/** The fields of a webhook, for the dialogs that create and edit one. */
import { t } from '@lingui/core/macro'
import { MultiSelect, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { EventKind } from '@/gql/graphql'
import { eventKindLabels, optionsOf } from '@/lib/labels'

export interface WebhookValues {
  url: string
  eventKinds: EventKind[]
  description: string
}

const exampleUrl = 'https://example.com/tenure'

export const webhookRules = {
  url: (url: string) =>
    /^https?:\/\/\S+$/.test(url.trim()) ? null : t`Enter an address that begins with https://`,
}

export function WebhookFields({ form }: { form: UseFormReturnType<WebhookValues> }) {
  return (
    <>
      <TextInput
        label={t`Address`}
        type="url"
        required
        data-autofocus
        autoComplete="off"
        placeholder={exampleUrl}
        description={t`Events are sent here by POST.`}
        {...form.getInputProps('url')}
      />
      <MultiSelect
        label={t`Events`}
        data={optionsOf(eventKindLabels)}
        placeholder={form.values.eventKinds.length === 0 ? t`Every kind` : undefined}
        description={t`Leave blank to send every kind.`}
        clearable
        clearButtonProps={{ 'aria-label': t`Clear the kinds of event` }}
        {...form.getInputProps('eventKinds')}
      />
      <TextInput label={t`Description`} autoComplete="off" {...form.getInputProps('description')} />
    </>
  )
}
