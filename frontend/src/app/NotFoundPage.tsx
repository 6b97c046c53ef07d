import { IconMapQuestion } from '@tabler/icons-react'
import { ButtonLink } from '@/ui/links'
import { Nothing } from '@/ui/States'

export function NotFoundPage() {
  return (
    <main>
      <title>Page not found · Tenure</title>
      <Nothing
        icon={<IconMapQuestion />}
        title="There is no such page"
        hint="The address may be mistyped, or the page has moved."
        action={<ButtonLink to="/accounts">Go to the accounts</ButtonLink>}
      />
    </main>
  )
}
