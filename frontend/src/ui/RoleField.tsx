/** A select for a role, which says what the role may do. */
import { t } from '@lingui/core/macro'
import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Role } from '@/gql/graphql'
import { optionsOf, roleLabels } from '@/lib/labels'

interface RoleFieldProps {
  value?: Role
  onChange?: (role: Role) => void
  error?: ReactNode
}

const permissions: Record<Role, string> = {
  VIEWER: t`Sees everything except administration, and changes nothing.`,
  AGENT: t`Like a viewer; also changes customers, services and deferred actions.`,
  MANAGER: t`Like an agent; also adjusts bills, settles disputes and starts jobs.`,
  ADMIN: t`Like a manager; also manages users, tokens, webhooks, reasons and settings.`,
}

export function RoleField({ value, onChange, error }: RoleFieldProps) {
  return (
    <Select
      label={t`Role`}
      required
      data={optionsOf(roleLabels)}
      allowDeselect={false}
      value={value ?? null}
      onChange={(role) => role && onChange?.(role)}
      description={value && permissions[value]}
      error={error}
    />
  )
}
