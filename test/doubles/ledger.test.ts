import { ledgerContract } from '../contracts/ledger.ts';
import { memoryLedger } from './ledger.ts';

ledgerContract('the ledger in memory', async () => memoryLedger());
