import { createFileRoute } from '@tanstack/react-router'
import { deliveriesSearch } from '@/features/webhooks/search'
import { WebhookPage } from '@/features/webhooks/WebhookPage'

export const Route = createFileRoute('/_signed-in/webhooks/$webhook')({
  validateSearch: deliveriesSearch,
  component: function Webhook() {
    return <WebhookPage id={Route.useParams().webhook} search={Route.useSearch()} />
  },
})
