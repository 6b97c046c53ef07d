/** The payer of a bill unit: itself, or a bill unit of another account. */
import { t } from '@lingui/core/macro'
import { Radio, Select, Stack } from '@mantine/core'
import { useState } from 'react'
import { AccountPicker, type PickedAccount } from '@/ui/AccountPicker'

interface PayerFieldProps {
  value?: string | null
  onChange?: (billUnitId: string | null) => void
  error?: React.ReactNode
  paidByAnother: boolean
  onPaidByAnother: (another: boolean) => void
}

export function PayerField({
  value,
  onChange,
  error,
  paidByAnother,
  onPaidByAnother,
}: PayerFieldProps) {
  const [payer, setPayer] = useState<PickedAccount | null>(null)
  const units = payer?.billUnits ?? []
  return (
    <Stack gap="sm">
      <Radio.Group
        label={t`Payer`}
        value={paidByAnother ? 'another' : 'itself'}
        onChange={(who) => onPaidByAnother(who === 'another')}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="itself" label={t`This account`} />
          <Radio value="another" label={t`Another account`} />
        </Stack>
      </Radio.Group>
      {paidByAnother && (
        <AccountPicker
          label={t`Paying account`}
          required
          picked={payer}
          onPick={(account) => {
            setPayer(account)
            onChange?.(account?.billUnits[0]?.id ?? null)
          }}
          error={error}
        />
      )}
      {paidByAnother && units.length > 1 && (
        <Select
          label={t`Bill unit of the payer`}
          allowDeselect={false}
          data={units.map((unit) => ({ value: unit.id, label: unit.name }))}
          value={value}
          onChange={onChange}
        />
      )}
    </Stack>
  )
}
