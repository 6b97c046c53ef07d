/** A field for an amount of money, kept as text. */
import { t } from '@lingui/core/macro'
import { Text, TextInput, type TextInputProps } from '@mantine/core'

export function AmountField({ currency, ...rest }: TextInputProps & { currency: string }) {
  return (
    <TextInput
      label={t`Amount`}
      inputMode="decimal"
      autoComplete="off"
      rightSection={
        <Text size="sm" c="dimmed">
          {currency}
        </Text>
      }
      rightSectionWidth={56}
      {...rest}
    />
  )
}
