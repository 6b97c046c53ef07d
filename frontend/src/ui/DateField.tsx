/** A business date, typed as in `MomentField` or picked. */
import { MomentField, type MomentFieldProps } from './MomentField'

interface DateFieldProps extends Omit<MomentFieldProps, 'defaultTime' | 'shortcuts' | 'dateOnly'> {
  /** The date, for example 2026-12-01. */
  value?: string | null
  onChange?: (date: string | null) => void
}

export function DateField({ value, onChange, ...rest }: DateFieldProps) {
  return (
    <MomentField
      dateOnly
      shortcuts={[]}
      value={value ? `${value} 00:00:00` : null}
      onChange={(wall) => onChange?.(wall?.slice(0, 10) ?? null)}
      {...rest}
    />
  )
}
