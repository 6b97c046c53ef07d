/** Whether a service may be used now, and the rule that denies it. */
import { t } from '@lingui/core/macro'
import { Box, Text } from '@mantine/core'
import { useQuery } from 'urql'
import { formatMoney } from '@/lib/money'
import { QueryResult } from '@/ui/States'
import { AuthorizationDocument } from './operations.generated'

/** By the codes of the API, in the order of the checks (rules 7.5). */
const denials: Record<string, string> = {
  UNKNOWN_LOGIN: t`Usage is denied: no service has this login.`,
  ACCOUNT_NOT_ACTIVE: t`Usage is denied: the account is not active.`,
  SERVICE_NOT_ACTIVE: t`Usage is denied: the service is not active.`,
  CREDIT_LIMIT_REACHED: t`Usage is denied: the credit limit of the account or payer is reached.`,
}

/** The answer that a network element would get for this login. */
export function Authorization({ kind, login }: { kind: string; login: string }) {
  const [result, refetch] = useQuery({
    query: AuthorizationDocument,
    variables: { kind, login },
    requestPolicy: 'network-only',
  })
  return (
    <QueryResult result={result} retry={() => refetch({ requestPolicy: 'network-only' })} lines={1}>
      {({ authorizeService: { authorized, denial, available } }) => {
        const left = available && formatMoney(available.amount, available.currency)
        return (
          <Box data-authorization>
            <Text size="sm">{authorized ? allowed(left) : denied(denial ?? '')}</Text>
            {!authorized && left && <Text size="sm">{t`Available: ${left}`}</Text>}
          </Box>
        )
      }}
    </QueryResult>
  )
}

function allowed(left: string | null | undefined): string {
  return left ? t`Usage is allowed, ${left} available.` : t`Usage is allowed.`
}

function denied(code: string): string {
  return denials[code] ?? t`Usage is denied by a plug-in: ${code}`
}
