/** The expiration of a card as it stands on the card: 08/30. */
import { t } from '@lingui/core/macro'
import { TextInput, type TextInputProps } from '@mantine/core'
import { readExpiration } from './expiration'

export function ExpirationField(props: TextInputProps) {
  return (
    <TextInput
      label={t`Expires`}
      required
      placeholder={t`MM/YY`}
      inputMode="numeric"
      autoComplete="off"
      maxLength={7}
      {...props}
    />
  )
}

export function expirationRule(typed: string): string | null {
  return readExpiration(typed) ? null : t`Enter month and year, for example 08/30.`
}
