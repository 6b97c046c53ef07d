import { IconMapQuestion } from '@tabler/icons-react'
import { ButtonLink } from '@/ui/links'
import { EmptyMessage } from '@/ui/States'

export function NotFoundPage() {
  return (
    <main>
      <title>Page not found · Tenure</title>
      <EmptyMessage
        icon={<IconMapQuestion />}
        title="This page doesn't exist"
        hint="Check the address, or go to the accounts."
        action={<ButtonLink to="/accounts">Go to the accounts</ButtonLink>}
      />
    </main>
  )
}
