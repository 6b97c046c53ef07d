/** Breadcrumbs from the account to the current page. */
import { t } from '@lingui/core/macro'
import { Breadcrumb } from '@/ui/Breadcrumb'
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
    <Breadcrumb here={here}>
      <TextLink {...accountLink(account.number)}>{account.name}</TextLink>
      <TextLink {...billsLink(account.number)}>{t`Bills`}</TextLink>
      {bill && <TextLink {...billLink(bill)}>{bill}</TextLink>}
    </Breadcrumb>
  )
}
