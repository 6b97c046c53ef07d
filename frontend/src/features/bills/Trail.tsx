/** From the account down to what is on the screen. */
import { Breadcrumbs, Text } from '@mantine/core'
import { TextLink } from '@/ui/links'
import { accountLink } from '../accounts/links'
import { billLink, billsLink } from './links'

interface TrailProps {
  account: { number: string; name: string }
  /** The bill, where that is not where the trail ends. */
  bill?: string
  here: string
}

export function Trail({ account, bill, here }: TrailProps) {
  return (
    <Breadcrumbs
      component="nav"
      aria-label="Breadcrumb"
      mb={6}
      style={{ flexWrap: 'wrap' }}
      separatorMargin={6}
    >
      <TextLink {...accountLink(account.number)}>{account.name}</TextLink>
      <TextLink {...billsLink(account.number)}>Bills</TextLink>
      {bill && <TextLink {...billLink(bill)}>{bill}</TextLink>}
      <Text size="sm" c="dimmed" aria-current="page">
        {here}
      </Text>
    </Breadcrumbs>
  )
}
