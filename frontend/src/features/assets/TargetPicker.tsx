/** Picks what an offer is purchased for: the account or one of its active services. */
import { t } from '@lingui/core/macro'
import { useMemo } from 'react'
import { useQuery } from 'urql'
import type { ServiceChoiceFragment } from '@/gql/graphql'
import { useTypedSearch } from '@/lib/useTypedSearch'
import { PickField, type PickFieldProps } from '@/ui/PickField'
import { ServiceChoicesDocument } from './operations.generated'

export type ServiceChoice = ServiceChoiceFragment

interface TargetPickerProps
  extends Omit<PickFieldProps, 'options' | 'onType' | 'value' | 'onChange'> {
  accountId: string
  /** Null while nothing is picked. */
  target: 'account' | ServiceChoice | null
  onPick: (target: TargetPickerProps['target']) => void
}

const none: ServiceChoice[] = []

export function TargetPicker({ accountId, target, onPick, ...rest }: TargetPickerProps) {
  const service = target === 'account' ? null : target
  const picked = target === 'account' ? t`Account` : service && labelOf(service)
  const [search, setTyped] = useTypedSearch(picked)
  const [{ data }] = useQuery({ query: ServiceChoicesDocument, variables: { accountId, search } })
  const found = data?.account?.services.nodes ?? none
  const options = useMemo(() => {
    const others = found.filter(({ id }) => id !== service?.id)
    const services = service ? [service, ...others] : others
    return [
      { value: accountId, label: t`Account` },
      ...services.map((each) => ({ value: each.id, label: labelOf(each) })),
    ]
  }, [found, service, accountId])
  return (
    <PickField
      label={t`For`}
      placeholder={t`Choose what it is for`}
      options={options}
      onType={setTyped}
      value={target === 'account' ? accountId : (service?.id ?? null)}
      onChange={(id) =>
        onPick(id === accountId ? 'account' : (found.find((each) => each.id === id) ?? null))
      }
      {...rest}
    />
  )
}

function labelOf({ name, login }: ServiceChoice): string {
  return login ? `${name} (${login})` : name
}
