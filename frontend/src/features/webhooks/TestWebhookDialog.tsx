import { t } from '@lingui/core/macro'
import { Trans } from '@lingui/react/macro'
import { Alert, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { type FormEvent, useState } from 'react'
import type { TestWebhookMutation, WebhookNodeFragment } from '@/gql/graphql'
import { useAction } from '@/lib/useAction'
import { FormDialog } from '@/ui/FormDialog'
import { Problems } from '@/ui/Problems'
import { TestWebhookDocument } from './operations.generated'
import { WebhookSubject } from './WebhookSubject'

type Result = NonNullable<TestWebhookMutation['testWebhook']>

export default function TestWebhookDialog() {
  return (
    <WebhookSubject title={t`Send a test message`}>
      {(webhook) => <TestForm webhook={webhook} />}
    </WebhookSubject>
  )
}

function TestForm({ webhook }: { webhook: WebhookNodeFragment }) {
  const [result, setResult] = useState<Result | null>(null)
  const { url } = webhook
  const status = result?.responseStatus ?? ''
  const test = useAction(TestWebhookDocument, (data) => data.testWebhook)

  async function submit(event?: FormEvent) {
    event?.preventDefault()
    setResult(null)
    setResult(await test.run({ id: webhook.id }))
  }

  return (
    <FormDialog
      title={t`Send a test message`}
      submit={result ? t`Send again` : t`Send`}
      back={t`Close`}
      size={460}
      onSubmit={(event) => void submit(event)}
      busy={test.busy}
      problems={test.problems}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        <Trans>
          A signed message of type “test” is sent to {url}. The answer is shown here, within 15
          seconds.
        </Trans>
      </Text>
      {result?.error && <Problems of={[result.error]} />}
      {result && !result.error && (
        <Alert
          color="var(--tenure-good)"
          variant="outline"
          icon={<IconCircleCheck />}
          role="status"
        >
          {t`The endpoint accepted the message (${status}).`}
        </Alert>
      )}
    </FormDialog>
  )
}
