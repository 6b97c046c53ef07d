/** Ctrl+K: searches accounts, bills and pages while typing. */
import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { Spotlight } from '@mantine/spotlight'
import '@mantine/spotlight/styles.layer.css'
import { IconSearch } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { useQuery } from 'urql'
import { errorMessage } from '@/lib/failure'
import { GlobalSearchDocument } from './operations.generated'
import { searchDialog, searchDialogStore } from './searchDialog'
import { type SearchResult, searchResultsOf } from './searchResults'

const pages = [
  { to: '/accounts', label: 'All accounts' },
  { to: '/deferred-actions', label: 'Deferred actions' },
  { to: '/deferred-actions/calendar', label: 'Calendar of deferred actions' },
  { to: '/catalog', label: 'Catalog' },
  { to: '/jobs', label: 'Jobs' },
] as const

export default function SearchDialog() {
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), 120)
  const [{ data, fetching, error }] = useQuery({
    query: GlobalSearchDocument,
    variables: { search, bill: search.toUpperCase() },
    pause: search === '',
  })
  const results = useMemo(
    () => (search === '' || !data ? [] : searchResultsOf(data)),
    [search, data],
  )
  const settled = search === typed.trim() && !fetching
  const enterPressed = useRef(false)

  const openResult = useCallback(
    (result: SearchResult) => {
      searchDialog.close()
      void navigate(result.link)
    },
    [navigate],
  )

  /** Enter pressed before the response arrives selects the first entry of the response. */
  function choose(result: SearchResult, byKey: boolean) {
    if (settled || !byKey) openResult(result)
    else enterPressed.current = true
  }

  function pressed(key: string) {
    if (key !== 'Enter' || entries()?.querySelector('[data-selected]')) return
    if (settled && results[0]) openResult(results[0])
    else enterPressed.current = true
  }

  useLayoutEffect(() => {
    if (!settled) return
    selectFirst()
    if (enterPressed.current && results[0]) openResult(results[0])
    enterPressed.current = false
  }, [settled, results, openResult])

  const matchingPages = pages.filter((page) =>
    page.label.toLowerCase().includes(typed.trim().toLowerCase()),
  )
  const isEmpty = results.length === 0 && matchingPages.length === 0
  return (
    <Spotlight.Root
      store={searchDialogStore}
      query={typed}
      onQueryChange={setTyped}
      shortcut={null}
      scrollable
      overlayProps={{ blur: 2, backgroundOpacity: 0.4 }}
      maxHeight={440}
      attributes={{ content: { 'aria-label': 'Search' } }}
    >
      <Spotlight.Search
        aria-label="Search"
        onKeyDown={(event) => pressed(event.key)}
        placeholder="Number, name, e-mail, phone, login, or a bill's number"
        leftSection={<IconSearch size={18} aria-hidden />}
      />
      <Spotlight.ActionsList>
        {(['Bills', 'Accounts'] as const).map((group) => (
          <Group
            key={group}
            label={group}
            results={results.filter((result) => result.group === group)}
            onSelect={choose}
          />
        ))}
        {matchingPages.length > 0 && (
          <Spotlight.ActionsGroup label="Pages">
            {matchingPages.map((page) => (
              <Spotlight.Action
                key={page.to}
                label={page.label}
                onClick={() => void navigate({ to: page.to })}
              />
            ))}
          </Spotlight.ActionsGroup>
        )}
        {isEmpty && (
          <Spotlight.Empty>
            <Text size="sm">
              {error
                ? errorMessage(error)
                : fetching || search !== typed.trim()
                  ? 'Searching…'
                  : `No results for "${typed.trim()}". ` +
                    'Try a name, an e-mail address or the full number.'}
            </Text>
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}

interface GroupProps {
  label: string
  results: SearchResult[]
  onSelect: (result: SearchResult, byKey: boolean) => void
}

function Group({ label, results, onSelect }: GroupProps) {
  if (results.length === 0) return null
  return (
    <Spotlight.ActionsGroup label={label}>
      {results.map((result) => (
        <Spotlight.Action
          key={result.id}
          label={result.label}
          description={result.description}
          rightSection={result.badge}
          dimmedSections={false}
          closeSpotlightOnTrigger={false}
          onClick={(event) => onSelect(result, !event.isTrusted)}
        />
      ))}
    </Spotlight.ActionsGroup>
  )
}

/** Spotlight selects the first entry on typing, but the entries arrive later. */
function selectFirst(): void {
  const list = entries()
  if (!list) return
  list.querySelector('[data-selected]')?.removeAttribute('data-selected')
  list.querySelector('[data-action]')?.setAttribute('data-selected', 'true')
  searchDialogStore.updateState((state) => ({ ...state, selected: 0 }))
}

function entries(): HTMLElement | null {
  return document.getElementById(searchDialogStore.getState().listId)
}
