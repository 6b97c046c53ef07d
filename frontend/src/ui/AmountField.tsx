/** A field for an amount of money, kept as text. */
import { Text, TextInput, type TextInputProps } from '@mantine/core'

export function AmountField({ currency, ...rest }: TextInputProps & { currency: string }) {
  return (
    <TextInput
      label="Amount"
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
