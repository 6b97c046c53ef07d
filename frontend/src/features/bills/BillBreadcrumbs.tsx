/** Breadcrumbs from the account to the current page. */
import { t } from '@lingui/core/macro'
import { Breadcrumbs, Text } from '@mantine/core'
import { TextLink } from '@/ui/links'
import { accountLink } from '../accounts/links'
import { billLink, billsLink } from './links'

interface BillBreadcrumbsProps {
  account: { number: string; name: string }
  /** The bill number, if the current page is below a bill. */
  bill?: string
  here: string
}

export function BillBreadcrumbs({ account, bill, here }: BillBreadcrumbsProps) {
  return (
    <Breadcrumbs
      component="nav"
      aria-label={t`Breadcrumb`}
      mb={6}
      style={{ flexWrap: 'wrap' }}
      separatorMargin={6}
    >
      <TextLink {...accountLink(account.number)}>{account.name}</TextLink>
      <TextLink {...billsLink(account.number)}>{t`Bills`}</TextLink>
      {bill && <TextLink {...billLink(bill)}>{bill}</TextLink>}
      <Text size="sm" c="dimmed" aria-current="page">
        {here}
      </Text>
    </Breadcrumbs>
  )
}
