/** The name and number of an account, linked to its page. */
import { Text } from '@mantine/core'
import classes from './AccountLink.module.css'
import { TextLink } from './links'

export function AccountLink({ account }: { account: { number: string; name: string } }) {
  return (
    <span className={classes.link}>
      <TextLink
        to="/accounts/$number"
        params={{ number: account.number }}
        fw={500}
        className="name"
      >
        {account.name}
      </TextLink>
      <Text span size="xs" c="dimmed" ff="monospace" className={classes.number}>
        {account.number}
      </Text>
    </span>
  )
}
