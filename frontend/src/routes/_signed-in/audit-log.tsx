import { createFileRoute } from '@tanstack/react-router'
import { AuditPage } from '@/features/audit/AuditPage'
import { auditSearch } from '@/features/audit/search'

export const Route = createFileRoute('/_signed-in/audit-log')({
  validateSearch: auditSearch,
  component: function AuditLog() {
    return <AuditPage search={Route.useSearch()} />
  },
})
