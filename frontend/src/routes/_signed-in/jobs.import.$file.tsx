import { createFileRoute } from '@tanstack/react-router'
import { ImportFilePage } from '@/features/imports/ImportFilePage'
import { importSearch } from '@/features/imports/search'

export const Route = createFileRoute('/_signed-in/jobs/import/$file')({
  validateSearch: importSearch,
  component: function ImportFile() {
    return <ImportFilePage id={Route.useParams().file} search={Route.useSearch()} />
  },
})
