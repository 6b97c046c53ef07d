/** The screen of every address that no other route has. */
import { t } from '@lingui/core/macro'
import { IconMapQuestion } from '@tabler/icons-react'
import { ButtonLink } from '@/ui/links'
import { NoSuchScreen } from '@/ui/States'

export function NotFoundPage() {
  return (
    <NoSuchScreen
      tab={t`Page not found · Tenure`}
      icon={<IconMapQuestion />}
      title={t`This page doesn't exist`}
      hint={t`Check the address, or go to the accounts.`}
      action={<ButtonLink to="/accounts">{t`Go to the accounts`}</ButtonLink>}
    />
  )
}
