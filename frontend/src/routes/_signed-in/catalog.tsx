import { createFileRoute } from '@tanstack/react-router'
import { CatalogPage } from '@/features/catalog/CatalogPage'
import { catalogSearch } from '@/features/catalog/search'

export const Route = createFileRoute('/_signed-in/catalog')({
  validateSearch: catalogSearch,
  component: function Catalog() {
    return <CatalogPage search={Route.useSearch()} />
  },
})
