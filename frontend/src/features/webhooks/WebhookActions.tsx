/** What can be done with a webhook. */
import { t } from '@lingui/core/macro'
import { Button } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconSend } from '@tabler/icons-react'
import type { WebhookNodeFragment, WebhookStatus } from '@/gql/graphql'
import { useOpenDialog } from '@/lib/dialog'
import { notify, notifyOfProblem } from '@/lib/notify'
import { useAction } from '@/lib/useAction'
import { RowMenu } from '@/ui/RowMenu'
import { subjectLink } from '../audit/links'
import { deleteWebhook, editWebhook, rotateSecret, testWebhook } from './links'
import { UpdateWebhookDocument } from './operations.generated'

export function WebhookActions({ webhook }: { webhook: WebhookNodeFragment }) {
  const open = useOpenDialog()
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconSend size={16} aria-hidden />}
        onClick={() => open(testWebhook(webhook.id))}
      >
        {t`Send test`}
      </Button>
      <PauseOrResume webhook={webhook} />
      <Button variant="default" onClick={() => open(editWebhook(webhook.id))}>
        {t`Edit`}
      </Button>
      <RowMenu size={36} variant="default" label={t`More actions`}>
        {({ Item, Link }) => (
          <>
            <Item onClick={() => open(rotateSecret(webhook.id))}>{t`Rotate secret…`}</Item>
            <Link {...subjectLink(webhook.url)}>{t`Changes of this webhook`}</Link>
            <Item c="var(--mantine-color-error)" onClick={() => open(deleteWebhook(webhook.id))}>
              {t`Delete…`}
            </Item>
          </>
        )}
      </RowMenu>
    </>
  )
}

function PauseOrResume({ webhook }: { webhook: WebhookNodeFragment }) {
  const update = useAction(UpdateWebhookDocument, (data) => data.updateWebhook)
  const isActive = webhook.status === 'ACTIVE'

  async function change(status: WebhookStatus) {
    const payload = await update.run({ input: { webhookId: webhook.id, status } })
    if (payload) notify(status === 'ACTIVE' ? t`Webhook resumed.` : t`Webhook paused.`)
    else notifyOfProblem(t`The webhook was not changed. Try again.`)
  }

  return (
    <Button
      variant={isActive ? 'default' : 'filled'}
      loading={update.busy}
      leftSection={
        isActive ? (
          <IconPlayerPause size={16} aria-hidden />
        ) : (
          <IconPlayerPlay size={16} aria-hidden />
        )
      }
      onClick={() => void change(isActive ? 'PAUSED' : 'ACTIVE')}
    >
      {isActive ? t`Pause` : t`Resume`}
    </Button>
  )
}
